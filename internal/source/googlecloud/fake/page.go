package fake

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// again is a token that leads to the first page: the one that an empty page hands out.
const again = "first"

// paged is the page of a list that was asked for, and the token of the next.
func paged[T any](q *query, items []T) ([]T, string, error) {
	q.list = true
	from, err := q.offset()
	if err != nil {
		return nil, "", err
	}
	if from > len(items) {
		from = len(items)
	}
	size, err := q.size()
	if err != nil {
		return nil, "", err
	}
	rest := items[from:]
	if size <= 0 || size >= len(rest) {
		return rest, "", nil
	}
	return rest[:size], token(q.URL.Path, from+size), nil
}

// size is how many items a page holds; 0 for all of them.
func (q *query) size() (int, error) {
	a := apis[q.op.api]
	size := a.pages
	if text := q.URL.Query().Get(a.size); a.size != "" && text != "" {
		asked, err := strconv.Atoi(text)
		if err != nil || asked < 0 || a.legacy && asked > a.pages {
			return 0, invalid(fmt.Sprintf("Invalid value for field '%s': '%s'. Values must be within the following range: [0, %d]", a.size, text, a.pages))
		}
		if asked > 0 && asked < size {
			size = asked
		}
	}
	q.server.mu.Lock()
	defer q.server.mu.Unlock()
	if most := q.server.pageSize; most > 0 && most < size {
		size = most
	}
	return size, nil
}

// token says where the next page of a list begins. It belongs to its path: another list refuses it.
func token(path string, from int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(from) + " " + path))
}

func (q *query) offset() (int, error) {
	text := q.URL.Query().Get("pageToken")
	if text == "" || text == again {
		return 0, nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(text)
	number, path, found := strings.Cut(string(plain), " ")
	from, wrong := strconv.Atoi(number)
	if err != nil || wrong != nil || !found || path != q.URL.Path {
		return 0, invalid("Invalid value for field 'pageToken': '" + text + "'.")
	}
	return from, nil
}
