// Cases that share one network: each has stations of its own, and none stops, alters or counts what belongs to all.
import './one-network';
// First, because it copies the whole store.
import './verify.cases';
import './foreign-client.cases';
import './held-session.cases';
import './one-price.cases';
import './timeline.cases';
