export { replay } from './replay';
