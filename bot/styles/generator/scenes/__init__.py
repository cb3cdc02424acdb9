"""The scenes of the house styles, one file each."""

from bot.styles.generator.scenes import coast, lake, meadow, night, portrait, village

SCENES = (coast.SCENE, meadow.SCENE, night.SCENE, portrait.SCENE, lake.SCENE, village.SCENE)
