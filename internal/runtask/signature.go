package runtask

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
)

// signatureHeader carries the HMAC-SHA512 of the body in hexadecimal digits.
const signatureHeader = "X-TFC-Task-Signature"

// signed says whether a body was signed with one of the keys. It takes the same time wherever a signature differs, and tries every key.
func signed(keys [][]byte, body []byte, signature string) bool {
	given, err := hex.DecodeString(signature)
	if err != nil || len(given) != sha512.Size {
		return false
	}
	known := false
	for _, key := range keys {
		mac := hmac.New(sha512.New, key)
		mac.Write(body)
		known = hmac.Equal(mac.Sum(nil), given) || known
	}
	return known
}
