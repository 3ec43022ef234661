import assert from 'node:assert/strict';
import { firstPorts } from './ports.ts';

describe('the ports of the virtual machines of a gateway', () => {
  it('are the first of a range, one for each, and a single port whatever their number', () => {
    assert.deepEqual(firstPorts(['10124-10139', '443'], 2), ['10124-10125', '443']);
    assert.deepEqual(firstPorts(['10124-10125'], 16), ['10124-10125']);
    assert.deepEqual(firstPorts(['10124-10139'], 0), ['10124']);
  });
});
