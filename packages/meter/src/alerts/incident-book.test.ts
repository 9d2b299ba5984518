import { describe, expect, it } from 'vitest';
import { incidentBook } from './incident-book.js';

const book = () => incidentBook({ quietMs: 100, repeatMs: 1_000 });

describe('incidentBook', () => {
  it('tells an incident once while it is seen again and again, and reminds of it', () => {
    const incidents = book();
    const told: number[] = [];
    for (let at = 0; at <= 2_500; at += 50) if (incidents.isNews('a', at)) told.push(at);
    expect(told).toEqual([0, 1_000, 2_000]);
  });

  it('tells the next one after a quiet time', () => {
    const incidents = book();
    expect([0, 50, 149, 250].map((at) => incidents.isNews('a', at))).toEqual([true, false, false, true]);
  });

  it('keeps incidents apart', () => {
    const incidents = book();
    expect(incidents.isNews('a', 0)).toBe(true);
    expect(incidents.isNews('b', 0)).toBe(true);
    expect(incidents.isOpen('a', 99)).toBe(true);
    expect(incidents.isOpen('a', 100)).toBe(false);
  });

  it('ends none because the clock was set back', () => {
    const incidents = book();
    incidents.isNews('a', 10_000);
    expect(incidents.isNews('a', 0)).toBe(false);
  });

  it('holds a bounded number', () => {
    const incidents = book();
    for (let index = 0; index < 20_000; index += 1) incidents.isNews(`${index}`, 0);
    expect(incidents.isOpen('0', 0)).toBe(false);
    expect(incidents.isOpen('19999', 0)).toBe(true);
  });
});
