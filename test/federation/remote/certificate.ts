/**
 * A certificate for 127.0.0.1 that signs itself, valid until 2126, and its key: made for these tests with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -addext subjectAltName=IP:127.0.0.1`.
 */
export const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYwLBaSkU4Pnh1h98
+gLz5mkvXDETYUUZdX7MokTceXGhRANCAARWMKSXDoxEM4z41Zwsq9e2uDqz63V8
Q+vKLSL0jHAAtqTNnvobcDFzIkAtD18lu6JyDlfzn34vIcC0Opbx4ffz
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBoTCCAUigAwIBAgIUb/52vAXzyL1W/HEl9h7+n54usfkwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSc3ViZ3JhcGggb2YgYSB0ZXN0MCAXDTI2MTEyMTE1MDkxNFoY
DzIxMjYxMDI4MTUwOTE0WjAdMRswGQYDVQQDDBJzdWJncmFwaCBvZiBhIHRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARWMKSXDoxEM4z41Zwsq9e2uDqz63V8
Q+vKLSL0jHAAtqTNnvobcDFzIkAtD18lu6JyDlfzn34vIcC0Opbx4ffzo2QwYjAd
BgNVHQ4EFgQUVc2BC30Cam7w5F+PU0/jeFTIkUwwHwYDVR0jBBgwFoAUVc2BC30C
am7w5F+PU0/jeFTIkUwwDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAAB
MAoGCCqGSM49BAMCA0cAMEQCIFpB5KTw49ufXucowbA3GODgUO2SRDUe7LQxXqBj
wUeXAiBaQXiziBt4GiYxBprrAZUVcZtuurxxMBWdYqaZ234f2Q==
-----END CERTIFICATE-----
`,
};
