import { createProgram } from '@costkit/cli';

await createProgram().parseAsync(['node', 'costkit', 'price', 'us.amazon.nova-lite-v1:0']);
