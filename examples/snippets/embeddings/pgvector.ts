import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { syncEmbeddings } from '@costkit/embeddings';
import { pgvectorStore } from '@costkit/embeddings/pgvector';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite/vector';

// With a server: new Pool({ connectionString }) of the package pg.
const database = await PGlite.create({ extensions: { vector } });

await syncEmbeddings({
  client: new BedrockRuntimeClient({ region: 'us-east-1' }),
  model: 'amazon.titan-embed-text-v2:0',
  source: [{ id: 'returns.md', text: 'The customer pays for the return.' }],
  sink: pgvectorStore({ database, table: 'handbook' }),
});

const { rows } = await database.query('select document, position, text from handbook');
console.log(rows);
await database.close();
