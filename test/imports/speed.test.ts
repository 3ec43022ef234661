// Import takes time in proportion to the rules: a rule base ten times as long takes about ten times as long.
import assert from 'node:assert/strict';
import { imported, topologyOf } from './imported.ts';

const base = topologyOf(`configmgr: 2025-12
zones: { a: { networks: [10.1.0.0/16] }, b: { networks: [10.2.0.0/16] } }
servers:
${Array.from({ length: 500 }, (_, index) => `  s${index}: { zone: a, addresses: 10.1.${index >> 8}.${index & 255} }\n`).join('')}`);

const address = (index: number, zone: number) => `10.${zone}.${(index >> 8) & 255}.${index & 255}`;

/** Rule bases with an object for each four rules, in groups of ten. */
const DEVICES: Readonly<Record<string, (rules: number) => string>> = {
  'cisco-asa': (rules) => {
    const lines = [
      'ASA Version 9.16(4)',
      'interface G0',
      ' nameif a',
      ' security-level 100',
      ' ip address 10.1.0.254 255.255.0.0',
      'interface G1',
      ' nameif b',
      ' ip address 10.2.0.254 255.255.0.0',
    ];
    for (let index = 0; index < rules / 4; index++) {
      lines.push(`object network O${index}`, ` host ${address(index, 1)}`);
      if (index % 10 === 9) {
        lines.push(`object-group network G${(index - 9) / 10}`);
        for (let at = index - 9; at <= index; at++) lines.push(` network-object object O${at}`);
      }
    }
    for (let index = 0; index < rules; index++) {
      lines.push(`access-list in remark rule ${index}`);
      const target = index % 2 ? `object O${index >> 2}` : `object-group G${Math.floor(index / 41)}`;
      lines.push(
        `access-list in extended permit tcp host ${address(index, 2)} ${target} eq ${1 + (index % 60_000)}`,
      );
    }
    return `${lines.join('\n')}\naccess-group in in interface b\n`;
  },
  'pan-os': (rules) => {
    const lines = [
      'set network interface ethernet e1 layer3 ip 10.1.0.254/16',
      'set network interface ethernet e2 layer3 ip 10.2.0.254/16',
      'set zone a network layer3 e1',
      'set zone b network layer3 e2',
    ];
    for (let index = 0; index < rules / 4; index++) {
      lines.push(
        `set address O${index} ip-netmask ${address(index, 1)}`,
        `set address-group G${Math.floor(index / 10)} static O${index}`,
      );
    }
    for (let index = 0; index < rules; index++) {
      const rule = `set rulebase security rules "rule ${index}"`;
      const target = index % 2 ? `O${index >> 2}` : `G${Math.floor(index / 41)}`;
      lines.push(
        `${rule} from b`,
        `${rule} to a`,
        `${rule} source ${address(index, 2)}`,
        `${rule} destination ${target}`,
        `${rule} application any`,
        `${rule} service service-https`,
        `${rule} action allow`,
      );
    }
    return `${lines.join('\n')}\n`;
  },
  fortios: (rules) => {
    const lines = [
      'config system interface',
      'edit a',
      'set ip 10.1.0.254 255.255.0.0',
      'next',
      'edit b',
      'set ip 10.2.0.254 255.255.0.0',
      'next',
      'end',
      'config firewall address',
    ];
    for (let index = 0; index < rules / 4; index++)
      lines.push(`edit O${index}`, `set subnet ${address(index, 1)}/32`, 'next');
    lines.push('end', 'config firewall addrgrp');
    for (let index = 0; index < rules / 40; index++) {
      lines.push(
        `edit G${index}`,
        `set member ${Array.from({ length: 10 }, (_, at) => `O${index * 10 + at}`).join(' ')}`,
        'next',
      );
    }
    lines.push(
      'end',
      'config firewall vip',
      'edit V',
      'set extip 203.0.113.9',
      'set mappedip 10.1.0.9',
      'next',
      'end',
      'config firewall policy',
    );
    for (let index = 0; index < rules; index++) {
      const target = index % 50 === 49 ? 'V' : index % 2 ? `O${index >> 2}` : `G${Math.floor(index / 41)}`;
      lines.push(
        `edit ${index + 1}`,
        'set srcintf b',
        'set dstintf a',
        'set srcaddr all',
        `set dstaddr ${target}`,
        'set service HTTPS',
        `set action ${index % 3 === 0 && target !== 'V' ? 'deny' : 'accept'}`,
        'next',
      );
    }
    return `${lines.join('\n')}\nend\n`;
  },
};

describe('import of a long rule base', function () {
  this.timeout('120s');
  for (const [format, write] of Object.entries(DEVICES)) {
    it(`of ${format} takes time in proportion to its rules`, () => {
      const times = [1_000, 8_000].map((rules) => {
        const text = write(rules);
        return Math.min(
          ...[1, 2, 3].map(() => {
            const start = performance.now();
            const found = imported(text, { zones: [], topology: base, format });
            assert.ok(found.rules >= rules, `${found.rules} of ${rules}`);
            return performance.now() - start;
          }),
        );
      });
      const [short = 0, long = 0] = times;
      if (process.env.CMTOPO_VERBOSE) console.log(format, times.map(Math.round));
      // Eight times as many; the rest is for the machine.
      assert.ok(long < short * 24 + 100, `${short} ms for 1,000 rules, ${long} ms for 8,000`);
    });
  }
});
