"""Tiny products in the layout of the real ones, with pixels that are known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

ROWS, COLS = 12, 9
REFERENCE = "20180115"
DATES = ("20171222", "20180103", "20180127", "20180208")
UTM = (500000.0, 20.0, 0.0, 4000000.0, 0.0, -20.0)


def day(text):
    return dt.datetime.strptime(text, "%Y%m%d").date()


def phase(seed, shape=(ROWS, COLS)):
    return np.random.default_rng(seed).uniform(-3.1, 3.1, shape).astype("f4")


def complex_image(seed, shape=(ROWS, COLS)):
    return (np.random.default_rng(seed).uniform(1, 5, shape) * np.exp(1j * phase(seed, shape))).astype("c8")


def wkt(code=32613):
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(code)
    return reference.ExportToWkt()


def tif(path, values, *, transform=UTM, code=32613, nodata=None, items=None, description=None, scale=None):
    """Write one GeoTIFF of [rows, cols] or [bands, rows, cols]."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = np.atleast_3d(values) if values.ndim < 2 else values
    bands = values if values.ndim == 3 else values[None]
    kinds = {"f4": gdal.GDT_Float32, "f8": gdal.GDT_Float64, "c8": gdal.GDT_CFloat32, "u1": gdal.GDT_Byte, "i2": gdal.GDT_Int16,
             "i4": gdal.GDT_Int32, "u2": gdal.GDT_UInt16}
    made = gdal.GetDriverByName("GTiff").Create(
        str(path), bands.shape[2], bands.shape[1], len(bands), kinds[values.dtype.str[1:]], ["COMPRESS=DEFLATE"]
    )
    if transform:
        made.SetGeoTransform(transform)
    if code:
        made.SetProjection(wkt(code))
    if items:
        made.SetMetadata(items)
    for number, band in enumerate(bands, start=1):
        target = made.GetRasterBand(number)
        target.WriteArray(band)
        if nodata is not None:
            target.SetNoDataValue(nodata)
        if description:
            target.SetDescription(description[number - 1])
        if scale:
            target.SetScale(scale[0])
            target.SetOffset(scale[1])
    made.FlushCache()
    return path


def big_endian(path, values):
    """Write raw pixels as GAMMA does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values.astype(values.dtype.newbyteorder(">")).tofile(path)
    return path


SLC_PAR = """Gamma Interferometric SAR Processor (ISP) - Image Parameter File

title:     {date}
sensor:    S1A IW IW1 VV
range_samples:                  {cols}
azimuth_lines:                 {rows}
image_format:               FCOMPLEX
radar_frequency:        5.4050005e+09   Hz
range_pixel_spacing:      2.329562   m
azimuth_pixel_spacing:     13.960000   m
center_range_slc:       878000.0000   m
incidence_angle:            38.9000   degrees
heading:                  -12.5000   degrees
sar_to_earth_center:       7071000.0   m
earth_radius_below_sensor:  6372000.0   m
"""

BASE = """initial_baseline(TCN):        0.0000000      {across:.4f}      {nadir:.4f}   m   m   m
initial_baseline_rate:        0.0000000       0.0000000       0.0000000   m/s m/s m/s
precision_baseline(TCN):      0.0000000       0.0000000       0.0000000   m   m   m
"""


def snap_stamps(folder):
    """SNAP's export: rslc, diff0, geo, dem."""
    for date in (REFERENCE, *DATES):
        big_endian(folder / "rslc" / f"{date}.rslc", complex_image(int(date)))
        (folder / "rslc" / f"{date}.rslc.par").write_text(SLC_PAR.format(date=date, rows=ROWS, cols=COLS))
    for number, date in enumerate(DATES):
        big_endian(folder / "diff0" / f"{REFERENCE}_{date}.diff", complex_image(int(date) + 1))
        (folder / "diff0" / f"{REFERENCE}_{date}.base").write_text(BASE.format(across=10.0 * number + 10, nadir=1.0))
    for name in (f"{REFERENCE}.lon", f"{REFERENCE}.lat", "elevation_dem.rdc"):
        big_endian(folder / "geo" / name, phase(1))
    (folder / "dem").mkdir()
    (folder / "dem" / "projected_dem_seg.par").write_text("width: 90\nnlines: 80\n")
    return folder


def gamma(folder):
    """GAMMA: a network of interferograms with .off files, coherence, unwrapped phase; images in short integers."""
    pairs = [(DATES[0], DATES[1]), (DATES[1], REFERENCE), (REFERENCE, DATES[2]), (DATES[0], REFERENCE)]
    for first, second in pairs:
        name = folder / f"{first}_{second}"
        big_endian(name.with_suffix(".diff"), complex_image(int(first)))
        big_endian(name.with_suffix(".cc"), np.abs(phase(3)) / 4)
        big_endian(name.with_suffix(".unw"), 5 * phase(4))
        name.with_suffix(".off").write_text(
            f"title: x\ninterferogram_width:  {COLS}\ninterferogram_azimuth_lines:  {ROWS}\n"
        )
    for date in (REFERENCE, *DATES[:3]):
        path = folder / "slc" / f"{date}.rslc"
        values = np.random.default_rng(int(date)).integers(-900, 900, (ROWS, COLS, 2)).astype("i2")
        big_endian(path, values)
        path.with_name(path.name + ".par").write_text(
            SLC_PAR.format(date=date, rows=ROWS, cols=COLS).replace("FCOMPLEX", "SCOMPLEX")
        )
    return folder


def isce_image(path, values, *, bands=1):
    """Write raw little-endian pixels (BIL) with ISCE2's .vrt beside them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind, width = ("CFloat32", 8) if np.iscomplexobj(values) else ("Float32", 4)
    lines = values if bands == 1 else np.stack([np.ones_like(values), values], axis=1)
    lines.tofile(path)
    xml = "".join(
        f'<VRTRasterBand dataType="{kind}" band="{band + 1}" subClass="VRTRawRasterBand">'
        f'<SourceFilename relativeToVRT="1">{path.name}</SourceFilename><ByteOrder>LSB</ByteOrder>'
        f"<ImageOffset>{band * width * COLS}</ImageOffset><PixelOffset>{width}</PixelOffset>"
        f"<LineOffset>{width * COLS * bands}</LineOffset></VRTRasterBand>"
        for band in range(bands)
    )
    path.with_name(path.name + ".vrt").write_text(f'<VRTDataset rasterXSize="{COLS}" rasterYSize="{ROWS}">{xml}</VRTDataset>')
    return path


def isce2(folder):
    """topsStack: merged/interferograms, merged/SLC, baselines, reference."""
    pairs = [(DATES[0], DATES[1]), (DATES[1], REFERENCE), (REFERENCE, DATES[2])]
    for number, (first, second) in enumerate(pairs):
        place = folder / "merged" / "interferograms" / f"{first}_{second}"
        isce_image(place / "filt_fine.int", complex_image(number))
        isce_image(place / "fine.int", complex_image(number + 50))
        isce_image(place / "filt_fine.unw", 4 * phase(number), bands=2)
        isce_image(place / "filt_fine.cor", np.abs(phase(number)) / 4)
        text = folder / "baselines" / f"{first}_{second}" / f"{first}_{second}.txt"
        text.parent.mkdir(parents=True)
        text.write_text(f"swath: IW1\nBperp (average): {10 * number + 5.5}\nBpar (average): 3.0\n")
    for date in (*DATES[:3], REFERENCE):
        isce_image(folder / "merged" / "SLC" / date / f"{date}.slc.full", complex_image(int(date)))
    (folder / "reference").mkdir()
    (folder / "reference" / "IW1.xml").write_text(
        '<productmanager_name><component name="instance"><property name="radarwavelength">\n'
        "        <value>0.05546576</value>\n</property></component></productmanager_name>"
    )
    return folder


LICSAR_TRANSFORM = (23.0, 0.001, 0.0, 38.0, 0.0, -0.001)


def licsar(folder):
    """A frame of the LiCSAR portal."""
    for first, second in ((DATES[0], DATES[1]), (DATES[1], REFERENCE), (REFERENCE, DATES[2])):
        place = folder / "GEOC" / f"{first}_{second}"
        values = phase(int(first))
        values[:2] = 0.0
        tif(place / f"{first}_{second}.geo.diff_pha.tif", values, transform=LICSAR_TRANSFORM, code=4326)
        tif(place / f"{first}_{second}.geo.unw.tif", 4 * values, transform=LICSAR_TRANSFORM, code=4326)
        coherence = np.full((ROWS, COLS), 204, "u1")
        coherence[:2] = 0
        tif(place / f"{first}_{second}.geo.cc.tif", coherence, transform=LICSAR_TRANSFORM, code=4326)
        (place / f"{first}_{second}.geo.diff.png").write_bytes(b"\x89PNG")
    for date in (*DATES[:3], REFERENCE):
        path = folder / "GEOC.MLI" / date / f"{date}.geo.mli.tif"
        tif(path, np.full((ROWS, COLS), 9.0, "f4"), transform=LICSAR_TRANSFORM, code=4326)
    path = folder / "metadata" / "021D_05266_252525.geo.U.tif"
    tif(path, np.full((ROWS, COLS), 0.8, "f4"), transform=LICSAR_TRANSFORM, code=4326)
    (folder / "metadata" / "metadata.txt").write_text("master=20180115\nheading=-169.9\navg_incidence_angle=39.2\n")
    (folder / "metadata" / "baselines").write_text(
        "".join(f"{REFERENCE} {date} {metres} {days}\n" for date, metres, days in
                ((REFERENCE, 0.0, 0), (DATES[0], -20.5, -24), (DATES[1], 30.0, -12), (DATES[2], 7.0, 12)))
    )
    return folder


HYP3_TXT = """Reference Granule: S1A_IW_SLC__1SDV_{first}T122334_{first}T122401_020158_0225F4_1234
Secondary Granule: S1B_IW_SLC__1SDV_{second}T122334_{second}T122401_009087_010428_ABCD
Reference Pass Direction: DESCENDING
Baseline: {baseline}
UTC time: 44615.0
Heading: -167.5
Spacecraft height: 700000.0
Earth radius at nadir: 6370000.0
Slant range near: 800000.0
Slant range center: 880000.0
"""


def hyp3(folder, *, shifted=True):
    """Two products of HyP3, whose extents differ as they do in reality."""
    for number, (first, second) in enumerate(((DATES[0], DATES[1]), (DATES[1], REFERENCE))):
        name = f"S1AB_{first}T122334_{second}T122401_VVP012_INT80_G_ueF_12A{number}"
        move = 2 * number if shifted else 0
        place = (UTM[0] + 80.0 * move, 80.0, 0.0, UTM[3], 0.0, -80.0)
        shape = (ROWS, COLS + number) if shifted else (ROWS, COLS)
        values = np.broadcast_to(np.arange(move, move + shape[1], dtype="f4") / 10 + 0.1, shape).copy()
        tif(folder / name / f"{name}_wrapped_phase.tif", values, transform=place)
        tif(folder / name / f"{name}_unw_phase.tif", 9 * values, transform=place)
        tif(folder / name / f"{name}_corr.tif", values / 4, transform=place)
        tif(folder / name / f"{name}_dem.tif", values, transform=place)
        (folder / name / f"{name}.txt").write_text(HYP3_TXT.format(first=first, second=second, baseline=11.5 + number))
    return folder


def mintpy_ifgrams(path):
    """MintPy's stack of interferograms in radar geometry, one of them dropped."""
    import h5py

    pairs = [(DATES[0], DATES[1]), (DATES[1], REFERENCE), (REFERENCE, DATES[2])]
    with h5py.File(path, "w") as file:
        file["date"] = np.array([[a.encode(), b.encode()] for a, b in pairs])
        file["bperp"] = np.array([12.0, -7.0, 3.5], "f4")
        file["dropIfgram"] = np.array([True, False, True])
        file["wrapPhase"] = np.stack([phase(number) for number in range(3)])
        file["unwrapPhase"] = 3 * np.stack([phase(number) for number in range(3)])
        file["coherence"] = np.full((3, ROWS, COLS), 0.7, "f4")
        file.attrs.update({
            "FILE_TYPE": "ifgramStack", "WAVELENGTH": "0.0562", "HEADING": "-13.1", "CENTER_INCIDENCE_ANGLE": "34.0",
            "AZIMUTH_PIXEL_SIZE": "28.0", "RANGE_PIXEL_SIZE": "9.0",
        })  # fmt: skip
    return path


def mintpy_slcs(path):
    """MiaplPy's stack of images, geocoded."""
    import h5py

    with h5py.File(path, "w") as file:
        file["date"] = np.array([date.encode() for date in sorted((REFERENCE, *DATES))])
        file["bperp"] = np.array([0.0, 5.0, 10.0, 15.0, 20.0], "f4")
        file["slc"] = np.stack([complex_image(number) for number in range(5)])
        file.attrs.update({"WAVELENGTH": "0.0555", "X_FIRST": "-99.0", "X_STEP": "0.001", "Y_FIRST": "19.5", "Y_STEP": "-0.001",
                           "Y_UNIT": "degrees"})
    return path


def opera(folder, *, bursts=("t064_135518_iw1",)):
    """OPERA CSLC-S1, one file a date and burst."""
    import h5py

    folder.mkdir(parents=True, exist_ok=True)
    for burst in bursts:
        for date in (*DATES, REFERENCE):
            name = f"OPERA_L2_CSLC-S1_{burst.upper().replace('_', '-')}_{date}T015035Z_20240101T100506Z_S1A_VV_v1.0.h5"
            with h5py.File(folder / name, "w") as file:
                file["data/VV"] = complex_image(int(date))
                file["data/x_coordinates"] = 500002.5 + 5.0 * np.arange(COLS)
                file["data/y_coordinates"] = 3999995.0 - 10.0 * np.arange(ROWS)
                file["data/projection"] = np.int32(32611)
                file["identification/burst_id"] = burst.encode()
                file["identification/zero_doppler_start_time"] = f"{date[:4]}-{date[4:6]}-{date[6:]} 01:50:35.1".encode()
                file["metadata/processing_information/input_burst_metadata/wavelength"] = 0.05546576
    return folder


def envi(folder):
    """Raw little-endian files with ENVI headers."""
    folder.mkdir(parents=True, exist_ok=True)
    for date in DATES:
        complex_image(int(date)).tofile(folder / f"{REFERENCE}_{date}.int")
        (folder / f"{REFERENCE}_{date}.int.hdr").write_text(
            f"ENVI\nsamples = {COLS}\nlines = {ROWS}\nbands = 1\nheader offset = 0\nfile type = ENVI Standard\n"
            "data type = 6\ninterleave = bsq\nbyte order = 0\n"
        )
    return folder


def geotiffs(folder, *, code=32613):
    """One GeoTIFF a pair, amplitude a date, coherence a pair; half of the pairs name the reference second."""
    for date in DATES:
        first, second = sorted((date, REFERENCE))
        tif(folder / "ifg" / f"{first}_{second}.diff_pha.tif", phase(int(date)), code=code)
        tif(folder / "coh" / f"{first}_{second}.cc.tif", np.full((ROWS, COLS), 204, "u1"), code=code)
    for date in (*DATES, REFERENCE):
        tif(folder / "amp" / f"{date}.amp.tif", np.abs(complex_image(int(date))), code=code)
    return folder
