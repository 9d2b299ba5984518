import type { API } from '@opensearch-project/opensearch';
import { expectTypeOf, it } from 'vitest';
import type { IndexBody, ListBody, NearestBody, Operation } from './opensearch-bodies.js';

// The types of the client are generated from the API specification of OpenSearch.
it('asks as the API specification of OpenSearch has it', () => {
  expectTypeOf<IndexBody>().toExtend<API.Indices_Create_RequestBody>();
  expectTypeOf<ListBody>().toExtend<API.Search_RequestBody>();
  expectTypeOf<NearestBody>().toExtend<API.Search_RequestBody>();
  expectTypeOf<Operation[]>().toExtend<API.Bulk_RequestBody>();
});
