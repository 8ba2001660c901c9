// Cases that share one network: each has stations of its own, and none stops, alters or counts what belongs to all.
import './one-network';
import './foreign-client.cases';
import './held-session.cases';
import './one-price.cases';
import './timeline.cases';
