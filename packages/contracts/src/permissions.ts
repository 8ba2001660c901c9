// NATS permissions derived from the flow: each service may publish what it says, ask what it asks, and read its own consumers. Nothing else.
import { type AppName, buckets, claimNotice, messages, parkedStream, requests } from './flow';
import { answeredBy, askedBy, heardBy, saidBy } from './flow-roles';
import { consumerName, messageFilter } from './subjects';

export interface Permissions {
  publish: string[];
  subscribe: string[];
}

/** Replies come back here; a service cannot read another's. */
export function inboxPrefix(app: AppName): string {
  return `_INBOX_${app}`;
}

export function permissionsOf(app: AppName): Permissions {
  const publish = new Set<string>(['$JS.API.INFO', `${parkedStream.subject}.${app}`]);
  const subscribe = new Set<string>([`${inboxPrefix(app)}.>`]);
  for (const name of saidBy(app)) {
    publish.add(messageFilter(name));
    publish.add(`$JS.API.STREAM.INFO.${messages[name].stream}`);
  }
  for (const name of heardBy(app)) {
    const { stream } = messages[name];
    const consumer = consumerName(app, name);
    publish.add(`$JS.API.STREAM.INFO.${stream}`);
    publish.add(`$JS.API.CONSUMER.INFO.${stream}.${consumer}`);
    publish.add(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`);
    publish.add(`$JS.ACK.${stream}.${consumer}.>`);
  }
  for (const name of askedBy(app)) publish.add(subjectPattern(name));
  for (const name of answeredBy(app)) {
    subscribe.add(subjectPattern(name));
    // NATS can allow every reply by itself (`allow_responses`), but then it keeps and searches a list of all messages ever delivered with a
    // reply subject, which is every JetStream message: most of the broker's CPU under load.
    for (const asker of requests[name].askedBy) publish.add(`${inboxPrefix(asker)}.>`);
  }
  for (const bucket of buckets) {
    if (app === bucket.usedBy) for (const subject of bucketSubjects(bucket.name)) publish.add(subject);
  }
  if (app === claimNotice.usedBy) {
    publish.add(claimNotice.subject);
    subscribe.add(claimNotice.subject);
  }
  return { publish: [...publish].sort(), subscribe: [...subscribe].sort() };
}

function subjectPattern(name: keyof typeof requests): string {
  const { subject } = requests[name];
  return name === 'callStation' ? `${subject}.>` : subject;
}

function bucketSubjects(bucket: string): string[] {
  const stream = `KV_${bucket}`;
  return [
    `$KV.${bucket}.>`,
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
  ];
}
