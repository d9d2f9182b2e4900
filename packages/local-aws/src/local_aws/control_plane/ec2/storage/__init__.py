"""Volumes, and images with their snapshots.

block_devices.py       volumes of a new instance
volumes.py             where they are made and what they are attached to
volume_performance.py  types of volumes, their IOPS and throughput
images.py              made of instances, registered and copied, with their snapshots
image_devices.py       the block devices of an image
image_attributes.py    of images: description, deprecation and who may launch them
"""
