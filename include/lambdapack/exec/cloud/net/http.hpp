// An HTTP client: libcurl, with connections that are used again.
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/net/printable.hpp"
#include "lambdapack/exec/cloud/net/request.hpp"
#include "lambdapack/exec/cloud/objects.hpp"

namespace lambdapack::exec::cloud::net {

namespace detail {

struct CurlFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

using CurlHandle = std::unique_ptr<CURL, CurlFree>;
using CurlList = std::unique_ptr<curl_slist, CurlFree>;

inline void append(CurlList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

/// What to do about a failure of libcurl.
inline std::string_view advice(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "check the host's name";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "check the proxy that the environment names (http_proxy, https_proxy)";
    case CURLE_COULDNT_CONNECT:
      return "check that the server runs and that host and port are right";
    case CURLE_OPERATION_TIMEDOUT:
      return "the server is overloaded or stuck, or a firewall is in between";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return "the server's certificate is not of an authority known here; AWS_CA_BUNDLE names a "
             "file with others";
    case CURLE_SSL_CONNECT_ERROR:
      return "check that the server speaks TLS on this port";
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return "the connection was cut; the server's log may say why";
    default:
      return "see the server's log";
  }
}

/// One request on its way.
struct Exchange {
  const Request& request;
  Response response{};
  bool too_long = false;

  static std::size_t on_body(char* bytes, std::size_t one, std::size_t n, void* self) {
    auto& e = *static_cast<Exchange*>(self);
    const std::size_t size = one * n;
    if (e.response.body.size() + size > static_cast<std::size_t>(e.request.most_bytes)) {
      e.too_long = true;
      return 0;
    }
    if (e.response.body.empty()) e.reserve();
    e.response.body.append(bytes, size);
    return size;
  }

  static std::size_t on_header(char* bytes, std::size_t one, std::size_t n, void* self) {
    auto& e = *static_cast<Exchange*>(self);
    std::string_view line(bytes, one * n);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' '))
      line.remove_suffix(1);
    if (line.starts_with("HTTP/")) e.response = {};
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && !line.starts_with("HTTP/")) {
      std::string_view value = line.substr(colon + 1);
      while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
        value.remove_prefix(1);
      e.response.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
    }
    return one * n;
  }

  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Exchange*>(self)->request.cancelled->load() ? 1 : 0;
  }

 private:
  void reserve() {
    const std::string length = response.header("Content-Length");
    const long long size = length.size() < 16 ? std::atoll(length.c_str()) : 0;
    if (size > 0 && size <= request.most_bytes)
      response.body.reserve(static_cast<std::size_t>(size));
  }
};

}  // namespace detail

/// Sends requests, from any thread. Connections are kept and used again, by one request at a time.
/// TLS is verified, redirections are not followed, and nothing is logged.
class Http {
 public:
  Http() {
    static const CURLcode begun = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (begun != CURLE_OK) throw internal_error("libcurl does not begin");
  }

  /// The answer, whatever its status. Throws unavailable if there is none or not all of one. A
  /// connection that had been kept and turns out to be dead is replaced, once.
  Response send(const Request& request) {
    detail::CurlHandle handle = take();
    detail::Exchange exchange{request};
    std::array<char, CURL_ERROR_SIZE> why{};
    detail::CurlList headers = headers_of(request);
    prepare(handle.get(), exchange, headers.get(), why.data());
    CURLcode code = curl_easy_perform(handle.get());
    if (was_dead(handle.get(), code)) {
      exchange.response = {};
      curl_easy_setopt(handle.get(), CURLOPT_FRESH_CONNECT, 1L);
      code = curl_easy_perform(handle.get());
    }
    if (exchange.too_long)
      throw run_error(text({"lambdapack: ", request.describe(), ": the answer is longer than ",
                            request.most_bytes,
                            " bytes, the most that is expected here; check that this is the "
                            "right server"}));
    if (code != CURLE_OK) throw unavailable(failure(request, code, why.data()));
    long status = 0, connections = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle.get(), CURLINFO_NUM_CONNECTS, &connections);
    exchange.response.status = static_cast<int>(status);
    exchange.response.maybe_twice = connections > 0;
    give_back(std::move(handle));
    return std::move(exchange.response);
  }

 private:
  detail::CurlHandle take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        detail::CurlHandle handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    detail::CurlHandle handle(curl_easy_init());
    if (!handle) throw std::bad_alloc();
    return handle;
  }

  void give_back(detail::CurlHandle handle) {
    curl_easy_reset(handle.get());
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(handle));
  }

  static detail::CurlList headers_of(const Request& request) {
    detail::CurlList list;
    for (const Header& h : request.headers) {
      if ((h.name + h.value).find_first_of("\r\n") != std::string::npos)
        throw internal_error("the header " + printable(h.name) + " has a line break");
      detail::append(list, h.value.empty() ? h.name + ";" : text({h.name, ": ", h.value}));
    }
    detail::append(list, "Expect:");
    if (!find(request.headers, "Content-Type")) detail::append(list, "Content-Type:");
    if (!find(request.headers, "Accept")) detail::append(list, "Accept:");
    return list;
  }

  static void prepare(CURL* h, detail::Exchange& exchange, curl_slist* headers, char* why) {
    const Request& request = exchange.request;
    curl_easy_setopt(h, CURLOPT_URL, request.url().c_str());
    curl_easy_setopt(h, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(h, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(h, CURLOPT_BUFFERSIZE, 512L << 10);
    curl_easy_setopt(h, CURLOPT_UPLOAD_BUFFERSIZE, 512L << 10);
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, &detail::Exchange::on_body);
    curl_easy_setopt(h, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, &detail::Exchange::on_header);
    curl_easy_setopt(h, CURLOPT_HEADERDATA, &exchange);
    if (request.cancelled != nullptr) {
      curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, &detail::Exchange::on_progress);
      curl_easy_setopt(h, CURLOPT_XFERINFODATA, &exchange);
    }
    if (!request.through_proxy) curl_easy_setopt(h, CURLOPT_NOPROXY, "*");
    if (const char* bundle = std::getenv("AWS_CA_BUNDLE"); bundle != nullptr && *bundle != '\0')
      curl_easy_setopt(h, CURLOPT_CAINFO, bundle);
    set_timeouts(h, request.timeouts);
    set_method(h, request);
  }

  static void set_timeouts(CURL* h, const Timeouts& timeouts) {
    // libcurl takes 0 for its own 300 s.
    const long connect = static_cast<long>(timeouts.connect.count());
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, connect > 0 ? connect : 1L << 30);
    if (timeouts.stall.count() <= 0) return;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(timeouts.stall);
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, static_cast<long>(seconds.count()));
  }

  static void set_method(CURL* h, const Request& request) {
    if (request.method == "HEAD") {
      curl_easy_setopt(h, CURLOPT_NOBODY, 1L);
      return;
    }
    if (!request.body.empty() || request.method == "PUT" || request.method == "POST") {
      curl_easy_setopt(h, CURLOPT_POST, 1L);
      curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(h, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
    }
    curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  // Servers close idle connections, and a machine that was frozen wakes to dead ones.
  static bool was_dead(CURL* h, CURLcode code) {
    if (code != CURLE_GOT_NOTHING && code != CURLE_SEND_ERROR && code != CURLE_RECV_ERROR)
      return false;
    long made = 0;
    curl_easy_getinfo(h, CURLINFO_NUM_CONNECTS, &made);
    return made == 0;
  }

  static std::string failure(const Request& request, CURLcode code, const char* why) {
    const std::string reason = printable(*why != '\0' ? why : curl_easy_strerror(code));
    return text({"lambdapack: ", request.describe(), ": no answer, or not all of it: ", reason,
                 "; ", detail::advice(code)});
  }

  std::mutex mutex_;
  std::vector<detail::CurlHandle> idle_;
};

}  // namespace lambdapack::exec::cloud::net
