export { clockText, durationText } from '@invigil/engine/words';
