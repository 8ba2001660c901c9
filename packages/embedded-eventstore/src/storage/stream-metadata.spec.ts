import { deletedMetadataJson, isSoftDeleted, NO_METADATA, parseStreamMetadata, recreatedMetadataJson } from './stream-metadata';

describe('stream metadata', () => {
  it('limits what is read', () => {
    expect(parseStreamMetadata('{"$maxCount":3,"$maxAge":60,"$tb":7,"owner":"x"}')).toMatchObject({
      maxCount: 3,
      maxAgeSeconds: 60,
      truncateBefore: 7,
    });
  });

  it.each(['', 'no json', '[1]', 'null', '"text"', '{"$maxCount":"many","$maxAge":-1}'])('has no effect as %j', (json) => {
    expect(parseStreamMetadata(json)).toMatchObject({ maxCount: Infinity, maxAgeSeconds: Infinity, truncateBefore: 0 });
  });

  it('marks a deleted stream with the number EventStoreDB uses and keeps the rest', () => {
    const json = deletedMetadataJson(parseStreamMetadata('{"$maxCount":3,"$tb":7}'));
    expect(json).toBe('{"$tb":9223372036854775807,"$maxCount":3}');
    expect(isSoftDeleted(parseStreamMetadata(json))).toBe(true);
    expect(deletedMetadataJson(NO_METADATA)).toBe('{"$tb":9223372036854775807}');
  });

  it('hides the old events of a stream that is written to again', () => {
    const deleted = parseStreamMetadata('{"$tb":9223372036854775807,"$maxCount":3}');
    const recreated = parseStreamMetadata(recreatedMetadataJson(deleted, 12));
    expect(recreated).toMatchObject({ maxCount: 3, truncateBefore: 12 });
    expect(isSoftDeleted(recreated)).toBe(false);
  });
});
