import assert from 'node:assert/strict';
import { compactFormat } from '@costkit/output-limiter/output';

const format = compactFormat({
  type: 'object',
  properties: {
    orders: {
      type: 'array',
      items: {
        type: 'object',
        properties: { orderNumber: { type: 'integer' }, customerName: { type: 'string' } },
      },
    },
  },
});

// Send `format.schema` as structured output or as the input of a forced tool: answers come with names of one letter.
assert.deepEqual(format.expand('{"a":[{"a":17,"b":"Ada"}]}'), {
  orders: [{ orderNumber: 17, customerName: 'Ada' }],
});
