"""The way out to a sign-in service that speaks OpenID Connect: who somebody is, said by another.

The authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0 s3.1, RFC 9700).
The service is asked for nothing until somebody wants to sign in by it. What makes requests and
checks tokens (Authlib) is an extra, and imported then.
"""
