// What the bridge asks of the registry on behalf of partners: what they may see of it.
import { registryRequest } from './flow-declarations';
import { offsetPageOf, PublishedLocation, PublishedQuery } from './published';
import { TokenRecord } from './registry';
import { Tariff } from './tariff';

export const publishedRequests = {
  publishedLocations: registryRequest('published-locations', ['ocpi-bridge'], PublishedQuery, offsetPageOf(PublishedLocation)),
  publishedTariffs: registryRequest('published-tariffs', ['ocpi-bridge'], PublishedQuery, offsetPageOf(Tariff)),
  publishedTokens: registryRequest('published-tokens', ['ocpi-bridge'], PublishedQuery, offsetPageOf(TokenRecord)),
};
