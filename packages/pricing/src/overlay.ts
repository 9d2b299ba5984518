/**
 * Newer prices than the catalogue's, in a file of your own: what `costkit price refresh` writes.
 * @module
 */
export { loadPriceOverlay, priceOverridesOf, readPriceOverlay, savePriceOverlay } from './overlay-file.js';
export type { OverlayPrice, PriceOverlay } from './price-overlay.js';
