import type { Duplex } from 'node:stream';

/** Final fragment of a text message, not masked: a server's. @see RFC 6455, 5.2 */
const finalText = 0x81;
const length16 = 126;
const length64 = 127;
const longestHeader = 10;

/** Room before the payload, for the frame's header and a reader's head. */
const headRoom = 256;
/** What one buffer that is written again and again holds at most; bytes. */
const keptBytes = 64 * 1024;

const closingBrace = 0x7d;

/**
 * Writes one result to many WebSockets, each with a head of its own before it. The payload is laid out once; before it
 * the head of each reader takes the place of the one before, as long as the system took all of that at once. A frame is
 * one write to its socket, between frames that `ws` writes. Only for connections without compression.
 */
export class FrameWriter {
  #payload: Buffer | null = null;
  /** Head room, payload, closing brace. */
  #laidOut = Buffer.alloc(0);
  #end = 0;

  /** @param head - what comes before the payload, up to and with `"payload":`; a brace closes it. */
  write(socket: Duplex, head: Buffer, payload: Buffer): void {
    if (head.length + longestHeader > headRoom) return void socket.write(wholeFrame(head, payload));
    if (payload !== this.#payload) this.#layOut(payload);
    const frame = this.#laidOut;
    const from = headRoom - head.length;
    frame.set(head, from);
    const start = putHeader(frame, from, this.#end - from);
    socket.write(frame.subarray(start, this.#end));
    // What waits to be sent is not copied: it must stay as it is.
    if (socket.writableLength > 0) this.#giveAway();
  }

  #layOut(payload: Buffer): void {
    const length = headRoom + payload.length + 1;
    if (this.#laidOut.length < length || this.#laidOut.length > keptBytes)
      this.#laidOut = Buffer.allocUnsafeSlow(Math.max(length, Math.min(2 * length, keptBytes)));
    this.#laidOut.set(payload, headRoom);
    this.#laidOut[length - 1] = closingBrace;
    this.#end = length;
    this.#payload = payload;
  }

  #giveAway(): void {
    this.#payload = null;
    this.#laidOut = Buffer.alloc(0);
  }
}

/** Puts a header that ends at `end`. @returns where it begins. */
function putHeader(frame: Buffer, end: number, length: number): number {
  if (length < length16) {
    frame[end - 1] = length;
    frame[end - 2] = finalText;
    return end - 2;
  }
  if (length < 2 ** 16) {
    frame[end - 1] = length & 0xff;
    frame[end - 2] = length >> 8;
    frame[end - 3] = length16;
    frame[end - 4] = finalText;
    return end - 4;
  }
  frame.writeBigUInt64BE(BigInt(length), end - 8);
  frame[end - 9] = length64;
  frame[end - 10] = finalText;
  return end - longestHeader;
}

function wholeFrame(head: Buffer, payload: Buffer): Buffer {
  const length = head.length + payload.length + 1;
  const frame = Buffer.allocUnsafeSlow(longestHeader + length);
  const start = putHeader(frame, longestHeader, length);
  frame.set(head, longestHeader);
  frame.set(payload, longestHeader + head.length);
  frame[frame.length - 1] = closingBrace;
  return frame.subarray(start);
}
