//! A program that plays AliExpress over HTTP.
