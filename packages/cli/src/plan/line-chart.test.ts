import { describe, expect, it } from 'vitest';
import { lineChart } from './line-chart.js';

const OPTIONS = { title: 'Dollars', xLabel: 'months', columns: 80 };

describe('lineChart', () => {
  it('gives each line a mark of its own, within the width', async () => {
    const chart = await lineChart(
      [
        {
          name: 'rising',
          points: [
            [0, 0],
            [5, 50],
            [10, 100],
          ],
        },
        {
          name: 'flat',
          points: [
            [0, 70],
            [5, 70],
            [10, 70],
          ],
        },
      ],
      OPTIONS,
    );
    expect(chart).toContain('● rising   ○ flat');
    expect(chart.match(/●/g)?.length).toBeGreaterThan(1);
    expect(chart.match(/○/g)?.length).toBeGreaterThan(1);
    expect(Math.max(...chart.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('draws nothing of nothing', async () => {
    expect(await lineChart([], OPTIONS)).toBe('');
    expect(await lineChart([{ name: 'point', points: [[1, 1]] }], OPTIONS)).toBe('');
  });
});
