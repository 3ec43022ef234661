import assert from 'node:assert/strict';
import { roleInSentence } from './words.ts';

describe('a role within a sentence', () => {
  it('begins with a small letter, unless it is the name of a product', () => {
    const shown = {
      'management-point': 'management point',
      'sql-server': 'SQL Server',
      console: 'Configuration Manager console',
      'endpoint-protection-point': 'Endpoint Protection point',
      'wsus-server': 'upstream WSUS server',
      'exchange-server': 'on-premises Exchange Server',
      'certification-authority': 'issuing certification authority (CA)',
    };
    for (const [role, text] of Object.entries(shown)) assert.equal(roleInSentence(role), text);
  });
});
