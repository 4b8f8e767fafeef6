// Go's own net/http.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
)

var (
	lock sync.Mutex
	done = map[string]int{}
)

func key(raw []byte, event map[string]any) string {
	if data, is := event["data"].(map[string]any); is {
		if id, is := data["message_id"].(string); is {
			return id
		}
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

func hook(response http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodPost {
		http.Error(response, "", http.StatusMethodNotAllowed)
		return
	}
	raw, err := io.ReadAll(io.LimitReader(request.Body, 10<<20))
	if err != nil {
		http.Error(response, "", http.StatusBadRequest)
		return
	}
	mac := hmac.New(sha256.New, []byte(os.Getenv("SECRET")))
	mac.Write(raw)
	given, err := hex.DecodeString(request.Header.Get("X-AgentClara-Signature"))
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		http.Error(response, "not signed", http.StatusUnauthorized)
		return
	}
	var value any
	if json.Unmarshal(raw, &value) != nil {
		// A number that no float holds is JSON all the same.
		if !json.Valid(raw) {
			http.Error(response, "no JSON", http.StatusBadRequest)
			return
		}
	}
	event, _ := value.(map[string]any)
	lock.Lock()
	defer lock.Unlock()
	id := key(raw, event)
	if done[id] == 0 {
		done[id] = 1
	}
}

func effects(response http.ResponseWriter, request *http.Request) {
	lock.Lock()
	defer lock.Unlock()
	if id := request.URL.Query().Get("id"); id != "" {
		fmt.Fprint(response, done[id])
		return
	}
	fmt.Fprint(response, len(done))
}

func main() {
	http.HandleFunc("/hook", hook)
	http.HandleFunc("/effects", effects)
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		panic(err)
	}
	fmt.Printf("http://%s/hook\n", listener.Addr())
	panic(http.Serve(listener, nil))
}
