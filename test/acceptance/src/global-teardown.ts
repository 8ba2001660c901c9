// After the last file of cases.
export { stopAcceptanceNetwork as default } from './acceptance-network';
