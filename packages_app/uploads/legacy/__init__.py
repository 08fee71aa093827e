"""The legacy upload API that twine, uv, poetry, pdm, hatch and flit speak: one multipart POST per file."""
