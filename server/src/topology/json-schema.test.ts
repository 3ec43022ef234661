import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { rules } from '../rules/index.ts';
import { SETTINGS_KEYS } from '../settings.ts';
import { parseText } from '../text/parse.ts';
import { settingsSchema, topologySchema } from './json-schema.ts';
import { readTopology } from './read.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
const isTopology = ajv.compile(topologySchema());
const isSettings = ajv.compile(settingsSchema(rules));
const head = 'configmgr: 2017-09\n';

describe('the JSON schema of topology files', () => {
  const examples = readdirSync('examples', { recursive: true })
    .map(String)
    .filter((name) => /\.topology\.ya?ml$/.test(name));

  for (const name of examples) {
    it(`agrees with the checker about examples/${name}`, () => {
      const text = readFileSync(`examples/${name}`, 'utf8');
      const tree = parseText(text);
      // A schema sees a document whole or not at all.
      if (tree.damage.length > 0 || tree.duplicateKeys.length > 0) return;
      const wrong = readTopology(tree).problems.filter(({ code }) => code !== 'invalid-name');
      assert.equal(isTopology(load(text)), wrong.length === 0, JSON.stringify(isTopology.errors));
    });
  }

  const good = [
    'name: 2017\n',
    'sites: { 001: { type: primary, database: { server: a, instance: 01 }, wakeOnLan: , clientPorts: { http: [80, 8080] } } }\n',
    'sites: { S01: { type: secondary, parent: PS1 } }\n',
    'zones:\nservers: { a: , b: { roles: { site-server: , wsus-server: { httpPort: 80 } } } }\n',
    'defaults: { rpcDynamicPorts: 49152-65535 }\n',
    'zones: { a: { networks: [10.0.0.0/8, "fe80::/10", 10.0.0.1] } }\n',
    'firewalls: { f: { zones: [a, b], rules: [{ action: deny, from: any, to: [10.0.0.0/8, a], tcp: any, udp: [1, 2-3] }] } }\n',
    'clients: { c: { site: P, windowsFirewall: { inbound: [wmi, tcp/2701] } } }\n',
  ];
  for (const text of good) {
    it(`takes what the checker takes: ${text.trim().slice(0, 60)}`, () => {
      assert.deepEqual(readTopology(parseText(head + text)).problems, []);
      assert.ok(isTopology(load(head + text)), JSON.stringify(isTopology.errors));
    });
  }

  const bad = [
    'zone: {}\n',
    'sites: { PS1: {} }\n',
    'sites: { PS1: }\n',
    'sites: { S01: { type: secondary } }\n',
    'sites: { PS1: { type: primry } }\n',
    'sites: { PS1: { type: primary, database: {} } }\n',
    'sites: { PS1: { type: primary, wakeOnLan: 9 } }\n',
    'sites: { PS1: { type: primary, clientPorts: { http: [1, 2, 3] } } }\n',
    'servers: { a: { roles: [site-server] } }\n',
    'servers: { a: { roles: { site-servr: } } }\n',
    'servers: { a: { roles: { wsus-server: { httpPort: "80" } } } }\n',
    'servers: { a: { roles: { wsus-server: { httpPort: 65536 } } } }\n',
    'servers: { a: { roles: { distribution-point: { pullFrom: b } } } }\n',
    'servers: { a: { addresses: 10.0.0.256 } }\n',
    'servers: { a: { addresses: 10.0.0.0/8 } }\n',
    'servers: { a b: }\n',
    'defaults: { rpcDynamicPorts: 5000 }\n',
    'defaults: { rpcDynamicPorts: 5000-70000 }\n',
    'zones: { a: { networks: 10.0.0.0/8 } }\n',
    'zones: { a: { internet: yes } }\n',
    'clients: { c: { count: 1 } }\n',
    'clients: { c: { site: P, count: -1 } }\n',
    'clients: { c: { site: P, windowsFirewall: { inbound: [tcp/0] } } }\n',
    'firewalls: { f: { zones: [a] } }\n',
    'firewalls: { f: { zones: [a, b], rules: [{ action: allow, from: any }] } }\n',
    'firewalls: { f: { zones: [a, b], rules: [{ action: deny, from: any, to: any, expires: 2026-13-01 }] } }\n',
  ];
  for (const text of bad) {
    it(`refuses what the checker refuses: ${text.trim().slice(0, 60)}`, () => {
      assert.notEqual(readTopology(parseText(head + text)).problems.length, 0);
      assert.equal(isTopology(load(head + text)), false);
    });
  }

  it('refuses an edition that does not exist', () => {
    assert.ok(isTopology({ configmgr: 2007 }) && isTopology({ configmgr: 'current-branch' }));
    assert.ok(isTopology({ configmgr: 2403 }) && isTopology({ configmgr: '1806' }));
    assert.ok(isSettings({ edition: 2403 }));
    for (const wrong of ['2017', 2017, 2004, '2004', 1709])
      assert.equal(isTopology({ configmgr: wrong }), false, String(wrong));
  });
});

describe('the JSON schema of the settings file', () => {
  it('has the keys that are read, and so has the example of the page', () => {
    const { properties } = settingsSchema(rules);
    assert.ok(properties && typeof properties === 'object');
    const page = readFileSync('docs/topology-format.md', 'utf8');
    const [, example = ''] = /## Settings file\n.*?```yaml\n(.*?)```/s.exec(page) ?? [];
    const keys = Object.keys(SETTINGS_KEYS).sort();
    assert.deepEqual(Object.keys(properties).sort(), keys);
    assert.deepEqual([...example.matchAll(/^\w+/gm)].map(([key]) => key).sort(), keys);
  });

  it('knows every rule and level, and nothing else', () => {
    const levels = Object.fromEntries(rules.map(({ code }) => [code, 'off']));
    assert.ok(isSettings({ edition: '2017-09', rules: levels }), JSON.stringify(isSettings.errors));
    assert.equal(isSettings({ rules: { 'no-such-rule': 'off' } }), false);
    assert.equal(isSettings({ rules: { 'unknown-key': 'loud' } }), false);
    assert.equal(isSettings({ rule: {} }), false);
  });
});
