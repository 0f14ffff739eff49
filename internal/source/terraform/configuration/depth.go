package configuration

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// The parser and the evaluator recurse once per nested bracket and once per chained operator, and a stack overflow
// cannot be recovered from. Real configurations stay far below these numbers.
const (
	maxBrackets  = 200
	maxOperators = 2000
)

// checkDepth refuses a file whose expressions nest too deeply to be read safely.
func checkDepth(file sourceFile, inJSON bool) error {
	if !inJSON {
		tokens, _ := hclsyntax.LexConfig(file.text, file.name, hcl.InitialPos)
		return checkTokens(tokens)
	}
	depth := 0
	decoder := stdjson.NewDecoder(bytes.NewReader(file.text))
	// Bad syntax ends the loop: the parser reports it, with a line.
	for token, err := decoder.Token(); err == nil; token, err = decoder.Token() {
		switch value := token.(type) {
		case stdjson.Delim:
			if value == '[' || value == '{' {
				depth++
			} else {
				depth--
			}
			if depth > maxBrackets {
				return fmt.Errorf("%s: nested more than %d levels deep", file.name, maxBrackets)
			}
		case string:
			tokens, _ := hclsyntax.LexTemplate([]byte(value), file.name, hcl.InitialPos)
			if err := checkTokens(tokens); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkTokens(tokens hclsyntax.Tokens) error {
	depth, operators := 0, 0
	for _, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
			hclsyntax.TokenTemplateInterp:
			depth++
		case hclsyntax.TokenOBrack, hclsyntax.TokenTemplateControl:
			// Both also chain without nesting: a[x][y] and %{if}%{if}.
			depth++
			operators++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCParen, hclsyntax.TokenCBrack, hclsyntax.TokenCQuote,
			hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			depth--
		case hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPlus, hclsyntax.TokenMinus,
			hclsyntax.TokenPercent, hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenBang,
			hclsyntax.TokenQuestion, hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan,
			hclsyntax.TokenLessThanEq, hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq:
			operators++
		case hclsyntax.TokenComma, hclsyntax.TokenEqual:
			operators = 0
		}
		if depth > maxBrackets || operators > maxOperators {
			return fmt.Errorf("%s:%d: expression nested more than %d levels deep or chained more than %d operators long",
				token.Range.Filename, token.Range.Start.Line, maxBrackets, maxOperators)
		}
	}
	return nil
}
