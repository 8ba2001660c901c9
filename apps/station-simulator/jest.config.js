// The tests check every frame against the OCPP schemas, so they need what the ocpp package's own tests need.
module.exports = require('@evenkeel/ocpp/jest.config.js');
