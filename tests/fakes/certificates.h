#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace rsip::fakes {

/// What a certificate says.
struct CertificateOptions {
  std::string name = "gateway.test";  ///< Common name.
  std::string alternative_names =
      "IP:127.0.0.1,DNS:gateway.test";  ///< subjectAltName; empty: none.
  int valid_from_s = -3600;             ///< From now.
  int valid_until_s = 3600;
};

/// An authority that signs certificates, all made anew for one test and written into a folder of
/// their own, which vanishes with this object.
class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  struct Files {
    std::string certificate;
    std::string private_key;
  };
  /// Makes a key pair and signs its certificate.
  Files issue(const CertificateOptions& options = {});
  [[nodiscard]] std::string ca_file() const { return path("ca.pem"); }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }

 private:
  struct Identity;

  std::filesystem::path folder_;
  std::unique_ptr<Identity> own_;
  int issued_ = 0;
};

}  // namespace rsip::fakes
