export { checkOcmf, type OcmfCheck, type OcmfReading, type OcmfVerdict } from './check-ocmf';
export { readOcmf } from './read-ocmf';
