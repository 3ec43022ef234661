// The language server's way out over standard output.
import type { Message, MessageWriter } from 'vscode-jsonrpc';
import { AbstractMessageWriter } from './protocol.ts';

/**
 * Writes each message into a stream at once. The library's own writer writes the header alone and waits for that, so
 * that its reader is woken twice for every message.
 */
export class WholeMessageWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: NodeJS.WritableStream;
  #errors = 0;

  constructor(stream: NodeJS.WritableStream) {
    super();
    this.#stream = stream;
    stream.on('error', (error) => this.fireError(error));
    stream.on('close', () => this.fireClose());
  }

  write(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      const content = JSON.stringify(message);
      this.#stream.write(`Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`, (error) => {
        if (!error) {
          this.#errors = 0;
          resolve();
          return;
        }
        this.#errors++;
        this.fireError(error, message, this.#errors);
        reject(error);
      });
    });
  }

  end(): void {
    this.#stream.end();
  }
}
