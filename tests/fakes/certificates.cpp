#include "tests/fakes/certificates.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace rsip::fakes {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using KeyPair = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using File = std::unique_ptr<std::FILE, Freer<std::fclose>>;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("certificate: ") + what);
}

void set_name(X509* certificate, const std::string& name) {
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  require(extension != nullptr, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate blank(EVP_PKEY* key, int serial, const CertificateOptions& options) {
  Certificate made(X509_new());
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), options.valid_from_s);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), options.valid_until_s);
  X509_set_pubkey(made.get(), key);
  set_name(made.get(), options.name);
  return made;
}

File open_file(const std::string& path) {
  File file(std::fopen(path.c_str(), "w"));
  require(file != nullptr, path.c_str());
  return file;
}

void write(const std::string& path, X509* certificate) {
  require(PEM_write_X509(open_file(path).get(), certificate) == 1, "cannot be written");
}

void write(const std::string& path, EVP_PKEY* key) {
  require(
      PEM_write_PrivateKey(open_file(path).get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
      "key cannot be written");
}

}  // namespace

struct CertificateAuthority::Identity {
  KeyPair key{EVP_EC_gen("P-256")};
  Certificate certificate;
};

CertificateAuthority::CertificateAuthority() : own_(std::make_unique<Identity>()) {
  std::string folder = (std::filesystem::temp_directory_path() / "rsip-ca-XXXXXX").string();
  require(mkdtemp(folder.data()) != nullptr, "no folder");
  folder_ = folder;
  CertificateOptions options;
  options.name = "authority.test";
  own_->certificate = blank(own_->key.get(), 1, options);
  X509* const self = own_->certificate.get();
  X509_set_issuer_name(self, X509_get_subject_name(self));
  add_extension(self, NID_basic_constraints, "critical,CA:TRUE");
  require(X509_sign(self, own_->key.get(), EVP_sha256()) > 0, "cannot be signed");
  write(ca_file(), self);
}

CertificateAuthority::~CertificateAuthority() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

CertificateAuthority::Files CertificateAuthority::issue(const CertificateOptions& options) {
  const KeyPair key(EVP_EC_gen("P-256"));
  const Certificate made = blank(key.get(), 2 + issued_, options);
  X509_set_issuer_name(made.get(), X509_get_subject_name(own_->certificate.get()));
  if (!options.alternative_names.empty()) {
    add_extension(made.get(), NID_subject_alt_name, options.alternative_names);
  }
  require(X509_sign(made.get(), own_->key.get(), EVP_sha256()) > 0, "cannot be signed");
  const std::string stem = "issued" + std::to_string(++issued_);
  Files files{path(stem + ".pem"), path(stem + ".key")};
  write(files.certificate, made.get());
  write(files.private_key, key.get());
  return files;
}

}  // namespace rsip::fakes
