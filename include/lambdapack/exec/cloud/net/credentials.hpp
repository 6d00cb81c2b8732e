// Who we are to AWS and to those who speak like it: from the standard places, in AWS's order.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "lambdapack/exec/cloud/net/metadata_credentials.hpp"

namespace lambdapack::exec::cloud::net {

/// Those of AWS_ACCESS_KEY_ID and its like; nothing if they are not set.
inline std::optional<Credentials> environment_credentials() {
  const auto id = environment("AWS_ACCESS_KEY_ID");
  const auto secret = environment("AWS_SECRET_ACCESS_KEY");
  if (!id && !secret) return std::nullopt;
  if (!id || !secret)
    throw input_error(
        text({"lambdapack: of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one "
              "is set; set ",
              id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID", " too, or neither"}));
  return Credentials{{*id, *secret, environment("AWS_SESSION_TOKEN").value_or("")},
                     "the environment (AWS_ACCESS_KEY_ID)"};
}

/// Those of the profile that is in use; nothing if it has none. Throws input_error if AWS_PROFILE
/// names one that does not exist or gets its credentials by other means.
inline std::optional<Credentials> profile_credentials() {
  const std::string name = profile_name();
  bool there = false, others = false;
  for (const std::string& path : {credentials_path(), config_path()}) {
    Profiles profiles = read_profiles(path);
    if (!profiles.contains(name)) continue;
    there = true;
    auto& profile = profiles[name];
    const std::string id = profile["aws_access_key_id"], secret = profile["aws_secret_access_key"];
    if (!id.empty() && !secret.empty())
      return Credentials{{id, secret, profile["aws_session_token"]},
                         text({"profile ", name, " in ", path})};
    for (const char* means : {"role_arn", "sso_session", "sso_start_url", "credential_process"})
      others = others || profile.contains(means);
  }
  if (others)
    throw input_error(text({"lambdapack: profile ", name,
                            " gets its credentials by a role, single sign-on or a process, which "
                            "lambdapack does not do; put what `aws configure export-credentials "
                            "--format env` prints into the environment"}));
  if (!there && (environment("AWS_PROFILE") || environment("AWS_DEFAULT_PROFILE")))
    throw input_error(
        text({"lambdapack: there is no profile ", name, ", which AWS_PROFILE names, in ",
              credentials_path(), " or ", config_path()}));
  return std::nullopt;
}

/// Credentials, found when they are first needed and again before they expire. Safe from any
/// thread. Never shown: messages name their source.
class CredentialSource {
 public:
  explicit CredentialSource(std::shared_ptr<Http> http) : http_(std::move(http)) {}

  /// Throws input_error if there are none in any of the places.
  Credentials get() {
    const std::lock_guard lock(mutex_);
    if (!held_ || expires_within(std::chrono::minutes(5))) refresh();
    return *held_;
  }

  /// The server says that these have expired: others are fetched the next time.
  void forget(const Credentials& expired) {
    const std::lock_guard lock(mutex_);
    if (held_ && held_->key.session_token == expired.key.session_token) held_.reset();
  }

 private:
  bool expires_within(std::chrono::minutes time) const {
    return held_->expires && *held_->expires - std::chrono::system_clock::now() < time;
  }

  // While the old ones are good a server that does not answer does no harm.
  void refresh() {
    try {
      held_ = find();
    } catch (const unavailable&) {
      if (!held_ || expires_within(std::chrono::minutes(0))) throw;
    }
  }

  Credentials find() {
    if (auto found = environment_credentials()) return *found;
    if (auto found = profile_credentials()) return *found;
    if (auto found = container_credentials(*http_)) return *found;
    if (auto found = instance_credentials(*http_)) return *found;
    throw input_error(text({"lambdapack: there are no AWS credentials in the environment, in ",
                            credentials_path(), ", in ", config_path(),
                            ", and none from a container or an instance; set AWS_ACCESS_KEY_ID "
                            "and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile that has "
                            "them"}));
  }

  std::shared_ptr<Http> http_;
  std::mutex mutex_;
  std::optional<Credentials> held_;
};

}  // namespace lambdapack::exec::cloud::net
