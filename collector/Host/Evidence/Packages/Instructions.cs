namespace SignalWatch.Collector.Evidence.Packages;

/// <summary>How a package is verified, with the product and without it.</summary>
internal static class Instructions
{
    public static string Text(string log) => $"""
        证据包的核验 / How to verify this package
        =========================================

        日志 / log: {log}

        1. 用本产品（不需要服务器、不需要网络）/ with the product (no server, no network):

               signalwatch collector verify PACKAGE.zip --key LOG.vkey

           LOG.vkey 是从采集单位另行取得的日志公钥；不给 --key 时使用包内公钥，只能证明包内各部分一致，不能证明出自何处。
           LOG.vkey is the log's public key, obtained from the authority by another way. Without --key the key in the package
           is used: that shows that the parts agree, not where they come from.

        2. 不用本产品 / without the product:

           - manifest.json 列出每个文件的 SHA-256 与 SM3；用 sha256sum、openssl dgst -sm3 核对。
             manifest.json lists SHA-256 and SM3 of every file: check with sha256sum and openssl dgst -sm3.
           - manifest.sm2 是对 manifest.json 的 SM2 签名（Base64，DER），公钥 certificates/sm2.pem，签名者标识 1234567812345678：
             manifest.sm2 is the SM2 signature of manifest.json (Base64, DER), key certificates/sm2.pem, signer id 1234567812345678:
                 base64 -d manifest.sm2 > manifest.sig
                 openssl dgst -sm3 -verify certificates/sm2.pem -sigopt distid:1234567812345678 -signature manifest.sig manifest.json
           - manifest.note 与 proofs/checkpoint.note 是 C2SP signed-note（Ed25519），公钥 certificates/log.vkey。
             manifest.note and proofs/checkpoint.note are C2SP signed notes (Ed25519), key certificates/log.vkey.
           - custody.json 是保管记录：每一行是日志的一个条目；proofs/N.tlog-proof 证明第 N 条在检查点所签的树中（C2SP tlog-proof，RFC 6962）。
             custody.json is the custody record: each line is an entry of the log; proofs/N.tlog-proof shows that entry N is in the
             tree that the checkpoint signs (C2SP tlog-proof, RFC 6962).
           - proofs/timestamp.tst（若有）是对 proofs/timestamped-checkpoint.note 的 RFC 3161 时间戳。
             proofs/timestamp.tst, where there is one, is the RFC 3161 time stamp of proofs/timestamped-checkpoint.note.

        """;
}
