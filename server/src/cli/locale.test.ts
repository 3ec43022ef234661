import assert from 'node:assert/strict';
import { environmentLocale, takeLocale } from './locale.ts';

describe('The language of the terminal', () => {
  it('is what the environment says, in the order of POSIX', () => {
    assert.equal(environmentLocale({}), 'en');
    assert.equal(environmentLocale({ LANG: 'ko_KR.UTF-8' }), 'ko');
    assert.equal(environmentLocale({ LANG: 'ko_KR.UTF-8', LC_MESSAGES: 'zh_TW' }), 'zh-tw');
    assert.equal(environmentLocale({ LANG: 'ko_KR.UTF-8', LC_MESSAGES: 'zh_TW', LC_ALL: 'C' }), 'en');
    assert.equal(
      environmentLocale({ LANG: 'ko_KR.UTF-8', LC_ALL: '' }),
      'ko',
      'an empty variable says nothing',
    );
  });

  it('is English for a language that has no translation', () => {
    for (const LANG of ['C.UTF-8', 'POSIX', 'de_DE.UTF-8', 'zh_CN.UTF-8', 'zh', 'kok', '???']) {
      assert.equal(environmentLocale({ LANG }), 'en', LANG);
    }
  });

  it('is what --locale says, anywhere on the line, and nothing else of the line changes', () => {
    assert.deepEqual(takeLocale(['check', 'a', '--locale', 'ko', 'b']), {
      rest: ['check', 'a', 'b'],
      locale: 'ko',
    });
    assert.deepEqual(takeLocale(['--locale=zh-Hant-TW', 'check']), { rest: ['check'], locale: 'zh-tw' });
    assert.deepEqual(takeLocale(['check', '--', '--locale', 'ko']), {
      rest: ['check', '--', '--locale', 'ko'],
      locale: undefined,
    });
  });

  it('is never guessed from a word that is wrong', () => {
    assert.throws(() => takeLocale(['check', '--locale']), /--locale needs a value: en, ko, zh-tw/);
    assert.throws(() => takeLocale(['--locale', '--fix']), /--locale needs a value/);
    assert.throws(() => takeLocale(['--locale=zh-cn']), /--locale zh-cn: not one of en, ko, zh-tw/);
  });
});
