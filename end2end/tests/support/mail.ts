// A mail server (npm smtp-server) that keeps what it is given.

import { type AddressInfo } from "node:net";

import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export class MailServer {
  readonly mails: ParsedMail[] = [];
  readonly #server: SMTPServer;
  #arrived: () => void = () => {};

  constructor() {
    this.#server = new SMTPServer({
      disabledCommands: ["AUTH", "STARTTLS"],
      onData: (stream, _session, done) => {
        simpleParser(stream).then((mail) => {
          this.mails.push(mail);
          this.#arrived();
          done();
        }, done);
      },
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((listens) => this.#server.listen(0, "127.0.0.1", listens));
  }

  /** As `TENGINE_SMTP_URL` wants it. */
  get url(): string {
    const { port } = this.#server.server.address() as AddressInfo;
    return `smtp://127.0.0.1:${port}`;
  }

  /** The next mail to this address that nobody has taken. */
  async next(to: string): Promise<ParsedMail> {
    const deadline = Date.now() + 10_000;
    while (Date.now() < deadline) {
      const index = this.mails.findIndex((mail) => {
        const all = Array.isArray(mail.to) ? mail.to : mail.to ? [mail.to] : [];
        return all.some((one) => one.value.some(({ address }) => address === to));
      });
      if (index >= 0) return this.mails.splice(index, 1)[0];
      await new Promise<void>((later) => {
        const timer = setTimeout(later, 200);
        this.#arrived = () => {
          clearTimeout(timer);
          later();
        };
      });
    }
    throw new Error(`no mail came for ${to}`);
  }

  async stop(): Promise<void> {
    await new Promise<void>((stopped) => this.#server.close(() => stopped()));
  }
}

/** The one link in a mail that leads to this server. */
export function linkIn(mail: ParsedMail, origin: string): string {
  const found = (mail.text ?? "").match(new RegExp(`${origin}/[^\\s]+\\?[^\\s]+|${origin}/invite/[^\\s]+`));
  if (!found) throw new Error(`no link in:\n${mail.text}`);
  return found[0];
}
