package configuration

import (
	"errors"
	"fmt"
	"math/big"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

func cidrFunction(params []function.Parameter, impl func(netip.Prefix, []cty.Value) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: append([]function.Parameter{{Name: "prefix", Type: cty.String}}, params...),
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			prefix, err := parsePrefix(args[0])
			if err != nil {
				return cty.NilVal, err
			}
			text, err := impl(prefix, args[1:])
			if err != nil {
				return cty.NilVal, err
			}
			return cty.StringVal(text), nil
		},
	})
}

var (
	cidrHost = cidrFunction([]function.Parameter{{Name: "hostnum", Type: cty.Number}},
		func(prefix netip.Prefix, args []cty.Value) (string, error) {
			number, err := wholeNumber(args[0])
			if err != nil {
				return "", err
			}
			bits := prefix.Addr().BitLen() - prefix.Bits()
			size := new(big.Int).Lsh(big.NewInt(1), uint(bits))
			limit := number
			if number.Sign() < 0 {
				// A negative number counts from the end of the range.
				limit = new(big.Int).Sub(new(big.Int).Neg(number), big.NewInt(1))
				number = new(big.Int).Add(size, number)
			}
			if limit.Cmp(size) >= 0 {
				return "", fmt.Errorf("prefix of %d does not accommodate a host numbered %s", prefix.Bits(), limit)
			}
			return offset(prefix.Addr(), number).String(), nil
		})
	cidrNetmask = cidrFunction(nil, func(prefix netip.Prefix, _ []cty.Value) (string, error) {
		if !prefix.Addr().Is4() {
			return "", errors.New("a netmask needs an IPv4 prefix")
		}
		ones := netip.AddrFrom4([4]byte{0xff, 0xff, 0xff, 0xff})
		return netip.PrefixFrom(ones, prefix.Bits()).Masked().Addr().String(), nil
	})
	cidrSubnet = cidrFunction([]function.Parameter{{Name: "newbits", Type: cty.Number}, {Name: "netnum", Type: cty.Number}},
		func(prefix netip.Prefix, args []cty.Value) (string, error) {
			var bits int
			if err := gocty.FromCtyValue(args[0], &bits); err != nil {
				return "", err
			}
			number, err := wholeNumber(args[1])
			if err != nil {
				return "", err
			}
			length := prefix.Bits() + bits
			if bits < 0 || length > prefix.Addr().BitLen() {
				return "", fmt.Errorf("insufficient address space to extend prefix of %d by %d", prefix.Bits(), bits)
			}
			if number.Sign() < 0 || number.BitLen() > bits {
				return "", fmt.Errorf("prefix extension of %d does not accommodate a subnet numbered %s", bits, number)
			}
			shifted := new(big.Int).Lsh(number, uint(prefix.Addr().BitLen()-length))
			return netip.PrefixFrom(offset(prefix.Addr(), shifted), length).String(), nil
		})
)

var cidrSubnets = function.New(&function.Spec{
	Params:   []function.Parameter{{Name: "prefix", Type: cty.String}},
	VarParam: &function.Parameter{Name: "newbits", Type: cty.Number},
	Type:     function.StaticReturnType(cty.List(cty.String)),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		prefix, err := parsePrefix(args[0])
		if err != nil {
			return cty.NilVal, err
		}
		var list []cty.Value
		next := big.NewInt(0)
		total := prefix.Addr().BitLen()
		for i, arg := range args[1:] {
			var bits int
			if err := gocty.FromCtyValue(arg, &bits); err != nil {
				return cty.NilVal, function.NewArgError(i+1, err)
			}
			length := prefix.Bits() + bits
			if bits < 1 || bits > 32 || length > total {
				return cty.NilVal, function.NewArgErrorf(i+1, "cannot extend prefix of %d by %d", prefix.Bits(), bits)
			}
			// Each range starts at the next multiple of its own size.
			size := new(big.Int).Lsh(big.NewInt(1), uint(total-length))
			rest := new(big.Int).Mod(next, size)
			if rest.Sign() > 0 {
				next.Add(next, new(big.Int).Sub(size, rest))
			}
			end := new(big.Int).Add(next, size)
			if end.Cmp(new(big.Int).Lsh(big.NewInt(1), uint(total-prefix.Bits()))) > 0 {
				return cty.NilVal, function.NewArgErrorf(i+1, "not enough address space left")
			}
			list = append(list, cty.StringVal(netip.PrefixFrom(offset(prefix.Addr(), next), length).String()))
			next = end
		}
		if len(list) == 0 {
			return cty.ListValEmpty(cty.String), nil
		}
		return cty.ListVal(list), nil
	},
})

func parsePrefix(value cty.Value) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(value.AsString())
	if err != nil {
		return prefix, fmt.Errorf("invalid CIDR expression: %w", err)
	}
	return prefix.Masked(), nil
}

func wholeNumber(value cty.Value) (*big.Int, error) {
	number, accuracy := value.AsBigFloat().Int(nil)
	if number == nil || accuracy != big.Exact {
		return nil, errors.New("a whole number is required")
	}
	return number, nil
}

// offset adds a number that the caller has checked to fit.
func offset(addr netip.Addr, number *big.Int) netip.Addr {
	raw := addr.AsSlice()
	sum := new(big.Int).Add(new(big.Int).SetBytes(raw), number)
	moved, _ := netip.AddrFromSlice(sum.FillBytes(raw))
	return moved
}
