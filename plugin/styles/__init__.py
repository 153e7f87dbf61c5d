"""How results look on the map: colours, symbols, and the style files that go beside exports."""
