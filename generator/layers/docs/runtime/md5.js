// MD5 and its HMAC, which browsers lack; here only to recognize a signature that was made with it. RFC 1321, RFC 2104.
(() => {
  const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));
  const MIX = [
    (b, c, d, i) => [(b & c) | (~b & d), i],
    (b, c, d, i) => [(d & b) | (~d & c), (5 * i + 1) % 16],
    (b, c, d, i) => [b ^ c ^ d, (3 * i + 5) % 16],
    (b, c, d, i) => [c ^ (b | ~d), (7 * i) % 16],
  ];

  function md5(bytes) {
    const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, bytes.length << 3, true);
    view.setUint32(padded.length - 4, Math.floor(bytes.length / 2 ** 29), true);
    const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
    for (let start = 0; start < padded.length; start += 64) {
      let [a, b, c, d] = state;
      for (let i = 0; i < 64; i += 1) {
        const round = i >> 4;
        const [mixed, word] = MIX[round](b, c, d, i);
        const sum = (a + mixed + SINES[i] + view.getUint32(start + 4 * word, true)) | 0;
        const shift = SHIFTS[4 * round + (i % 4)];
        [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
      }
      [a, b, c, d].forEach((word, i) => { state[i] = (state[i] + word) | 0; });
    }
    const result = new DataView(new ArrayBuffer(16));
    state.forEach((word, i) => result.setInt32(4 * i, word, true));
    return new Uint8Array(result.buffer);
  }

  const concat = (one, other) => Uint8Array.of(...one, ...other);
  function hmac(key, message) {
    const short = key.length > 64 ? md5(key) : key;
    const block = new Uint8Array(64);
    block.set(short);
    return md5(concat(block.map((byte) => byte ^ 0x5c), md5(concat(block.map((byte) => byte ^ 0x36), message))));
  }
  globalThis.procwiseMd5 = { hmac };
})();
