import { Memo } from './memo';

describe('a memo', () => {
  it('reads once for many, and again after it was told to forget', async () => {
    const memo = new Memo<number>();
    let reads = 0;
    const read = async () => ++reads;
    expect(await Promise.all([memo.get('a', read), memo.get('a', read), memo.get('b', read)])).toEqual([1, 1, 2]);
    memo.forget('a');
    expect([await memo.get('a', read), await memo.get('b', read)]).toEqual([3, 2]);
    memo.forgetAll();
    expect(await memo.get('b', read)).toBe(4);
  });

  it('does not hand out what was being read while it was told to forget', async () => {
    const memo = new Memo<string>();
    let finish: (value: string) => void = () => undefined;
    const early = memo.get('a', () => new Promise((resolve) => (finish = resolve)));
    memo.forget('a');
    const late = memo.get('a', async () => 'new');
    finish('old');
    expect([await early, await late, await memo.get('a', async () => 'newer')]).toEqual(['old', 'new', 'new']);
  });

  it('does not remember a failure', async () => {
    const memo = new Memo<string>();
    await expect(memo.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await memo.get('a', async () => 'back')).toBe('back');
  });
});
