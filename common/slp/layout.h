#pragma once

#include "common/slp/message.h"

namespace rsip::slp {

// The fields of each message in their order on the wire. Encoder and decoder both follow these
// functions, so that they cannot differ. Io is a writer or a reader with the same methods.

template <class Io>
void layout(Io& io, auto& entry)
  requires requires { entry.lifetime_s; }
{
  io.reserved_octet();
  io.number(entry.lifetime_s);
  io.text(entry.url);
  io.authentication_blocks();
}

template <class Io>
void fields(Io& io, auto& body, const ServiceRequest* /*type*/) {
  io.text(body.previous_responders);
  io.text(body.service_type);
  io.text(body.scopes);
  io.text(body.predicate);
  io.text(body.spi);
}

template <class Io>
void fields(Io& io, auto& body, const ServiceReply* /*type*/) {
  io.error(body.error);
  io.entries(body.entries);
}

template <class Io>
void fields(Io& io, auto& body, const ServiceRegistration* /*type*/) {
  layout(io, body.entry);
  io.text(body.service_type);
  io.text(body.scopes);
  io.text(body.attributes);
  io.authentication_blocks();
}

template <class Io>
void fields(Io& io, auto& body, const ServiceDeregistration* /*type*/) {
  io.text(body.scopes);
  layout(io, body.entry);
  io.text(body.tags);
}

template <class Io>
void fields(Io& io, auto& body, const ServiceAcknowledge* /*type*/) {
  io.error(body.error);
}

template <class Io>
void fields(Io& io, auto& body, const AttributeRequest* /*type*/) {
  io.text(body.previous_responders);
  io.text(body.url);
  io.text(body.scopes);
  io.text(body.tags);
  io.text(body.spi);
}

template <class Io>
void fields(Io& io, auto& body, const AttributeReply* /*type*/) {
  io.error(body.error);
  io.text(body.attributes);
  io.authentication_blocks();
}

template <class Io>
void fields(Io& io, auto& body, const DirectoryAdvert* /*type*/) {
  io.error(body.error);
  io.number(body.boot_timestamp_s);
  io.text(body.url);
  io.text(body.scopes);
  io.text(body.attributes);
  io.text(body.spi);
  io.authentication_blocks();
}

template <class Io>
void fields(Io& io, auto& body, const ServiceTypeRequest* /*type*/) {
  io.text(body.previous_responders);
  io.naming_authority(body.any_authority, body.naming_authority);
  io.text(body.scopes);
}

template <class Io>
void fields(Io& io, auto& body, const ServiceTypeReply* /*type*/) {
  io.error(body.error);
  io.text(body.types);
}

template <class Io>
void fields(Io& io, auto& body, const ServiceAgentAdvert* /*type*/) {
  io.text(body.url);
  io.text(body.scopes);
  io.text(body.attributes);
  io.authentication_blocks();
}

}  // namespace rsip::slp
