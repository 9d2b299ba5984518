/**
 * Application inference profiles: created and tagged for each team, resolved back to models, and kept when the model
 * changes.
 * @module
 */
export {
  type AppliedProfiles,
  type ApplyProfilesOptions,
  applyProfiles,
  type ProfileChange,
} from './profiles/apply-profiles.js';
export type { ProfileCommands } from './profiles/control-plane.js';
export { type FindProfilesOptions, findProfiles } from './profiles/find-profiles.js';
export { ProfileConflictError } from './profiles/profile-conflict-error.js';
export { type ProfileMapOptions, profileMap, profileModels } from './profiles/profile-map.js';
export type { ProfileOwner } from './profiles/profile-owner.js';
export type { TeamProfile } from './profiles/team-profile.js';
