// What tools outside the service may know of it: the description of its REST interface.
export { openApiDocument } from './api/openapi';
