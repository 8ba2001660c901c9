export { runChaos } from './chaos';
