#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Connects to four hundred ports, which refuse: scan.py ADDRESS"""
import socket
import sys

for port in range(1000, 1400):
    with socket.socket() as connection:
        connection.connect_ex((sys.argv[1], port))
