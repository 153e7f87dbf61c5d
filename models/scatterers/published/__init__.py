"""Published networks that select scatterers in wrapped interferograms: CNN-ISS, CLSTM-ISS and a U-Net."""
