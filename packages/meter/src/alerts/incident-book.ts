/** Says of everything that is wrong once, as long as it stays wrong. */
export interface IncidentBook {
  /** Whether this is news: the key was not seen for a while, or so long ago that it is worth a reminder. */
  isNews(key: string, atMs: number): boolean;
  /** Whether the key was seen within the quiet time. */
  isOpen(key: string, atMs: number): boolean;
}

export interface IncidentBookOptions {
  /** An incident that was not seen for so long is over. */
  readonly quietMs: number;
  /** An incident that goes on is told again after this time. */
  readonly repeatMs: number;
}

interface Incident {
  seenAtMs: number;
  toldAtMs: number;
}

const MAX_INCIDENTS = 10_000;

/** Holds at most 10,000 incidents, the latest. A clock that is set back ends no incident. */
export function incidentBook({ quietMs, repeatMs }: IncidentBookOptions): IncidentBook {
  const incidents = new Map<string, Incident>();

  const isOpen = (key: string, atMs: number): boolean => {
    const incident = incidents.get(key);
    return incident !== undefined && atMs - incident.seenAtMs < quietMs;
  };

  return {
    isOpen,
    isNews: (key, atMs) => {
      const open = isOpen(key, atMs);
      const incident = incidents.get(key) ?? { seenAtMs: atMs, toldAtMs: atMs };
      incidents.delete(key);
      incidents.set(key, incident);
      if (incidents.size > MAX_INCIDENTS) incidents.delete(incidents.keys().next().value as string);
      incident.seenAtMs = Math.max(atMs, incident.seenAtMs);
      const news = !open || atMs - incident.toldAtMs >= repeatMs;
      if (news) incident.toldAtMs = atMs;
      return news;
    },
  };
}
