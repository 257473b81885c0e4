"""The IPsec laboratory: a guest kernel with two hosts behind one address, and IKE daemons.

Everything but `boot` runs inside the guest, as root.
"""
