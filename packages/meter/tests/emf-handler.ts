import { emfSink } from '../src/emf.js';
import { createMeter } from '../src/meter.js';
import { aReceipt } from './a-receipt.js';

// What Lambda does to a handler that has returned: nothing of the process runs any more.
const meter = createMeter({ sinks: [emfSink({ dimensions: [['feature']] })] });
try {
  for (let index = 0; index < 300; index += 1) meter.record(aReceipt({ id: `call-${index}` }));
} finally {
  await meter.flush();
}
process.kill(process.pid, 'SIGKILL');
